import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { shellCopy } from './copy.ts';

interface BoundaryProps {
  /** Another one begins anew. */
  readonly page: string;
  readonly children: ReactNode;
}

/** A page that breaks leaves the frame, and so the connection indicator, standing. */
export class PageBoundary extends Component<BoundaryProps, { readonly failed: string | null }> {
  override state = { failed: null as string | null };

  static getDerivedStateFromError() {
    return { failed: '' };
  }

  override componentDidCatch(): void {
    this.setState({ failed: this.props.page });
  }

  override componentDidUpdate(): void {
    const { failed } = this.state;
    if (failed !== null && failed !== '' && failed !== this.props.page) this.setState({ failed: null });
  }

  override render(): ReactNode {
    if (this.state.failed === null) return this.props.children;
    return (
      <Notice
        title={shellCopy.crashed}
        action={<Button onClick={() => location.reload()}>{shellCopy.reload}</Button>}
      >
        {shellCopy.crashedLead}
      </Notice>
    );
  }
}

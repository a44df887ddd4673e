import type { SignInProblem } from './oidc.ts';

export const sessionCopy = {
  title: 'Sign in to Trunkline',
  lead: 'You sign in with your organisation and come back to',
  leadDevelopment: 'This is a development system: pick who you are, there are no passwords. You come back to',
  button: 'Sign in',
  busy: 'One moment…',
  starting: 'Looking whether you are signed in…',
  ended: 'Your session has ended. Sign in to continue; this page is kept.',
  problems: {
    login_required: 'Sign in again.',
    interaction_required: 'Sign in again.',
    refused: 'Signing in did not work. Try again, or ask an administrator.',
    unreachable:
      'The sign-in service does not answer. Nothing is wrong with your account; try again in a moment.',
  } satisfies Record<SignInProblem, string>,
  configFailed: 'This page could not reach Trunkline, so it does not know where to sign in.',
  tryAgain: 'Try again',
} as const;

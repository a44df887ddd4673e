import { useDeferredValue, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { Desk } from './desk.tsx';
import { useBoard } from './use-board.ts';
import { readAddress, writeAddress, type WallAddress } from './wall-address.ts';
import { WallMode } from './wall-mode.tsx';

export type ChangeAddress = (change: Partial<WallAddress>, how?: { readonly replace: boolean }) => void;

/** The wallboard: on a desk, or on a wall. The address is the view. */
export function Page() {
  const [params, setParams] = useSearchParams();
  const address = useMemo(() => readAddress(params), [params]);
  const view = useDeferredValue(address);
  const used = useBoard(view);
  const change: ChangeAddress = (wanted, how = { replace: false }) =>
    setParams((before) => writeAddress(before, wanted), how);
  return address.isWall ? (
    <WallMode used={used} address={address} onChange={change} />
  ) : (
    <Desk used={used} address={address} onChange={change} />
  );
}

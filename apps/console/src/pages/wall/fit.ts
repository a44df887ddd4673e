import type { Section } from './board.ts';

/** How much of a phone a wall shows. */
export type WallDensity = 'full' | 'number' | 'matrix';

/** In rem, as wall.module.css draws them: tile, gap, and the line above a group. */
const sizes: Readonly<
  Record<WallDensity, { readonly width: number; readonly height: number; readonly gap: number }>
> = {
  full: { width: 10.5, height: 4, gap: 0.5 },
  number: { width: 6, height: 2.5, gap: 0.375 },
  matrix: { width: 1.25, height: 1.25, gap: 0.25 },
};
const headerRem = 2;
const betweenRem = 0.75;

export interface Room {
  /** Of the place for groups, in rem. */
  readonly width: number;
  readonly height: number;
}

export interface Fit {
  readonly density: WallDensity;
  /** How much larger than usual everything is drawn, so that few phones fill the wall as well. */
  readonly scale: number;
  readonly columns: number;
  /** What is shown at one time; more than one where not even the smallest fits. */
  readonly pages: readonly (readonly Section[])[];
}

const scaleMax = 2.5;
const scaleStep = 0.05;

/** The largest of three densities that needs no scrolling, as large as it can be; else the smallest, on several pages. */
export function fitWall(sections: readonly Section[], room: Room): Fit {
  for (const density of ['full', 'number', 'matrix'] as const) {
    if (!fits(sections, density, room, 1)) continue;
    let scale = 1;
    while (scale < scaleMax && fits(sections, density, room, scale + scaleStep)) scale += scaleStep;
    return { density, scale, columns: columnsOf(density, room.width / scale), pages: [sections] };
  }
  const columns = columnsOf('matrix', room.width);
  return { density: 'matrix', scale: 1, columns, pages: paged(sections, columns, room.height) };
}

function fits(sections: readonly Section[], density: WallDensity, room: Room, scale: number): boolean {
  const columns = columnsOf(density, room.width / scale);
  const needed = sections.reduce((sum, { keys }) => sum + heightOf(density, columns, keys.length), 0);
  return needed * scale <= room.height;
}

export function columnsOf(density: WallDensity, width: number): number {
  const { width: tile, gap } = sizes[density];
  return Math.max(1, Math.floor((width + gap) / (tile + gap)));
}

function heightOf(density: WallDensity, columns: number, count: number): number {
  const { height, gap } = sizes[density];
  return headerRem + Math.ceil(count / columns) * (height + gap) + betweenRem;
}

/** A group that is longer than what is left of a page goes on on the next one. */
function paged(sections: readonly Section[], columns: number, height: number): Section[][] {
  const { height: row, gap } = sizes.matrix;
  const pages: Section[][] = [[]];
  let left = height;
  for (const section of sections) {
    let rest = section.keys;
    while (rest.length > 0) {
      const rows = Math.floor((left - headerRem - betweenRem) / (row + gap));
      if (rows < 1 && pages.at(-1)?.length !== 0) {
        pages.push([]);
        left = height;
        continue;
      }
      const keys = rest.slice(0, Math.max(1, rows) * columns);
      rest = rest.slice(keys.length);
      pages.at(-1)?.push({ ...section, keys });
      left -= heightOf('matrix', columns, keys.length);
    }
  }
  return pages;
}

/** Rows of a group that are drawn or left out together: about this many tiles, and whole rows. */
const chunkTiles = 60;

export function chunksOf(keys: readonly string[], columns: number): (readonly string[])[] {
  const size = columns * Math.max(1, Math.round(chunkTiles / columns));
  const chunks: (readonly string[])[] = [];
  for (let start = 0; start < keys.length; start += size) chunks.push(keys.slice(start, start + size));
  return chunks;
}

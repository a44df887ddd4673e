import type { Section } from './board.ts';

/** How much of a phone a wall shows. */
export type WallDensity = 'full' | 'number' | 'matrix';

interface TileSize {
  /** The narrowest that a tile may be. */
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

/** In rem, as tile.module.css draws them: tile, gap, and the line above a group. */
const sizes: Readonly<Record<WallDensity | 'desk', TileSize>> = {
  // Wide enough for "Ringing ← " and a number of 13 characters: at a desk one wants to read it, on a wall to see all.
  desk: { width: 13, height: 4, gap: 0.5 },
  full: { width: 10.5, height: 4, gap: 0.5 },
  number: { width: 3, height: 2.5, gap: 0.375 },
  matrix: { width: 1.25, height: 1.25, gap: 0.25 },
};
/** A tile with little but a number is as wide as the longest needs; longer ones than a phone's end in dots. */
const digitRem = 0.9;
const digitsMax = 15;
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
  const digits = longestNumber(sections);
  for (const density of ['full', 'number', 'matrix'] as const) {
    if (!fits(sections, density, digits, room, 1)) continue;
    let scale = 1;
    while (scale < scaleMax && fits(sections, density, digits, room, scale + scaleStep)) scale += scaleStep;
    return { density, scale, columns: columnsOf(density, room.width / scale, digits), pages: [sections] };
  }
  const columns = columnsOf('matrix', room.width);
  return { density: 'matrix', scale: 1, columns, pages: paged(sections, columns, room.height) };
}

/** Keys are `<pbx>/<number>`. */
function longestNumber(sections: readonly Section[]): number {
  let digits = 1;
  for (const { keys } of sections)
    for (const key of keys) digits = Math.max(digits, key.length - key.lastIndexOf('/') - 1);
  return Math.min(digits, digitsMax);
}

function fits(
  sections: readonly Section[],
  density: WallDensity,
  digits: number,
  room: Room,
  scale: number,
): boolean {
  const columns = columnsOf(density, room.width / scale, digits);
  const needed = sections.reduce((sum, { keys }) => sum + heightOf(density, columns, keys.length), 0);
  return needed * scale <= room.height;
}

export function columnsOf(density: keyof typeof sizes, width: number, digits = 0): number {
  const { width: tile, gap } = sizes[density];
  const wide = density === 'number' ? tile + digits * digitRem : tile;
  return Math.max(1, Math.floor((width + gap) / (wide + gap)));
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

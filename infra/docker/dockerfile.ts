/** One instruction of a Dockerfile: its word in capitals and the rest of its line, continued lines joined. */
export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** A Dockerfile as its stages, each beginning with its FROM. */
export function stagesOf(dockerfile: string): Instruction[][] {
  const stages: Instruction[][] = [];
  const lines = dockerfile.replaceAll(/\\\n/g, ' ').split('\n');
  for (const line of lines.filter((one) => /^\s*[A-Za-z]+\s/.test(one))) {
    const [, word = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    if (word.toUpperCase() === 'FROM') stages.push([]);
    stages.at(-1)?.push({ word: word.toUpperCase(), rest });
  }
  return stages;
}

export const restsOf = (stage: readonly Instruction[], word: string): string[] =>
  stage.filter((one) => one.word === word).map(({ rest }) => rest);

/** The list that an instruction in exec form holds, or nothing: then a shell would stand between. */
export function execForm(rest: string | undefined): string[] | undefined {
  const list = rest?.slice(rest.indexOf('['));
  return rest?.includes('[') === true && list !== undefined ? (JSON.parse(list) as string[]) : undefined;
}

/** What the image of the last stage sets for every process in it. */
export const environmentOf = (stage: readonly Instruction[]): Record<string, string> =>
  Object.fromEntries(
    restsOf(stage, 'ENV').map((rest) => [
      rest.slice(0, rest.indexOf('=')),
      rest.slice(rest.indexOf('=') + 1),
    ]),
  );

import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';

/**
 * Rewrites the places of a bundle in a stack to those of the sources. Node could do it by itself,
 * but VS Code formats the stacks of its extension host.
 */
export function mapStack(stack: string): string {
  return stack.replace(
    /([^\s()]+\.test\.js):(\d+):(\d+)/g,
    (place, file: string, line: string, column: string) => {
      if (!existsSync(`${file}.map`)) return place;
      const map = new SourceMap(
        JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload,
      );
      const origin = map.findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in origin)) return place;
      const source = path.resolve(path.dirname(file), origin.originalSource);
      return `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
    },
  );
}

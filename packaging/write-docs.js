// Writes the parts of docs/ that are made from the program. Run by `make docs`.
import { writeFile } from 'node:fs/promises';
import { optionsMarkdown } from '../dist/server/config/help-text.js';

const HEAD = `# Options

Each option is a flag, an environment variable and a key of the configuration file (\`--config FILE\`, JSON; the key is the flag's name
without the dashes). A flag is stronger than the environment, the environment stronger than the file. All mistakes are reported
at once, with exit code 2. Made by \`make docs\` from server/config/options.ts.

`;
await writeFile(
  new URL('../docs/options.md', import.meta.url),
  `${HEAD}${optionsMarkdown().trim()}\n`,
);

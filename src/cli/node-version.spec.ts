import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { nodeWarning } from './node-version';

describe('the version of Node.js', () => {
  it.each(['v20.19.0', 'v20.20.2', 'v22.12.0', 'v22.23.3', 'v24.21.0'])(
    '%s gives no warning',
    (version) => {
      expect(nodeWarning(version)).toBeUndefined();
    },
  );

  it.each(['v18.20.0', 'v23.1.0', 'v25.0.0', 'v100.0.0'])('%s gives a warning', (version) => {
    expect(nodeWarning(version)).toBe(
      `Minutebook has not been tested on Node.js ${version}. Use Node.js 24, 22 or 20.`,
    );
  });

  it('is also bounded in package.json', () => {
    const { engines } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
      engines: { node: string };
    };
    expect(engines.node).toBe('>=20.19.0 <21 || >=22.12.0 <23 || >=24.0.0 <25');
  });
});

import os from 'node:os';

import fastify from 'fastify';

import { read } from '../support/markdown';

describe('the unit for systemd', () => {
  it('lets the service ask the kernel for the addresses of the machine, and says why', () => {
    const unit = read('deploy/systemd/minutebook.service');
    const [, comment, families] = /((?:^#.*\n)+)^RestrictAddressFamilies=(.+)$/m.exec(unit)!;
    expect(families!.split(' ').sort()).toEqual(['AF_INET', 'AF_INET6', 'AF_NETLINK', 'AF_UNIX']);
    expect(comment).toContain('AF_NETLINK: with HOST=0.0.0.0');
  });

  it('has to, because Fastify asks for them when it listens on all', async () => {
    const asked = jest.spyOn(os, 'networkInterfaces');
    const server = fastify();
    await server.listen({ host: '0.0.0.0', port: 0 });
    await server.close();
    expect(asked).toHaveBeenCalled();
    asked.mockRestore();
  });
});

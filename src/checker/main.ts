#!/usr/bin/env node
import { main } from './command';

/** Runs the checker as a program of its own. It needs only this folder, compiled. */
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});

#!/usr/bin/env node
import { main } from './command';

/** The checker as a program of its own: this folder, compiled, is all that it needs. */
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});

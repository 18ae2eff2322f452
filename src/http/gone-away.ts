/** Whoever asked went away before there was an answer: nobody is left to be told. */
export class GoneAwayError extends Error {
  constructor() {
    super('Whoever asked went away before there was an answer.');
    this.name = 'GoneAwayError';
  }
}

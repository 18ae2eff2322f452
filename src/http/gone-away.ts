/** The client disconnected before there was an answer, so nobody is left to answer. */
export class GoneAwayError extends Error {
  constructor() {
    super('The client disconnected before there was an answer.');
    this.name = 'GoneAwayError';
  }
}

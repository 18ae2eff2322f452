import { describeWithPostgres, usePostgres } from '../../support/postgres';

describeWithPostgres('on PostgreSQL', () => {
  usePostgres();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require('../background-check.spec');
});

import { IsIn, Matches } from 'class-validator';

import { PERIOD, ReadParameters, WHAT_IS_A_PERIOD } from '../usage/parameters.dto';
import { EXPORT_FORMATS, type ExportFormat } from './formats';

/** What to export: the parameters of the endpoint and of the command. */
export class ExportParameters extends ReadParameters {
  @Matches(PERIOD, { message: WHAT_IS_A_PERIOD })
  period!: string;

  @IsIn(EXPORT_FORMATS, { message: `format must be one of ${EXPORT_FORMATS.join(', ')}` })
  format!: ExportFormat;
}

import { Required } from '../http/fields/field';
import { ReadParameters } from '../http/fields/parameters.dto';
import { oneOf, period } from '../http/fields/rules';
import { EXPORT_FORMATS, FORMATS_IN_WORDS, type ExportFormat } from './formats';

/** The parameters of the endpoint and of the command. */
export class ExportParameters extends ReadParameters {
  @Required(period, 'A month.')
  period!: string;

  @Required(oneOf(EXPORT_FORMATS), `${FORMATS_IN_WORDS}.`)
  format!: ExportFormat;
}

import { Optional, Required } from '../http/fields/field';
import { ReadParameters } from '../http/fields/parameters.dto';
import { id, period, planName } from '../http/fields/rules';

export class SessionPath {
  @Required(id, 'The session.')
  session_id!: string;
}

export class PlanPath {
  @Required(planName, 'Its name.')
  plan!: string;
}

export class PeriodPath {
  @Required(period, 'The month.')
  period!: string;
}

export class ReportParameters extends ReadParameters {
  @Optional(period, 'A month; the current one if left out.')
  period?: string;
}

import { IsDefined, IsIn, IsOptional, Matches } from 'class-validator';

import { IsInstant } from '../../http/validators/is-instant';
import { IsText } from '../../http/validators/is-text';
import { IsWhole } from '../../http/validators/is-whole';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../../http/cursor';
import { ROLES, type Role } from '../roles';

const LONGEST_NAME = 128;
const LONGEST_SOURCE = 512;
const USER = /^(?!\.{1,2}$)[A-Za-z0-9._:@-]{1,128}$/;

/** A key as it is asked for. */
export class KeyBody {
  @IsDefined()
  @IsIn(ROLES, { message: 'role must be producer, reader, finance or admin' })
  role!: Role;

  @IsDefined()
  @IsText(LONGEST_NAME)
  name!: string;

  @IsOptional()
  @IsText(LONGEST_SOURCE)
  source?: string | null;

  @IsOptional()
  @Matches(USER, { message: 'user_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  user_id?: string | null;

  @IsOptional()
  @IsInstant()
  expires_at?: string | null;
}

export class KeyListParameters {
  /** Waited for by the guard of all reads. */
  @IsOptional()
  @Matches(/^\d{1,16}$/, { message: 'at_least must be a position: the one that a write answered' })
  at_least?: string;

  @IsOptional()
  cursor?: string;

  @IsOptional()
  @IsWhole(1, MAX_LIMIT, `limit must be a whole number from 1 to ${MAX_LIMIT}`)
  limit: number = DEFAULT_LIMIT;
}

export class KeyPath {
  @Matches(/^key_[0-9A-Za-z]{1,64}$/, { message: 'id must be that of a key, such as key_…' })
  id!: string;
}

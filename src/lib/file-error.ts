/**
 * Explains a file system error in a sentence.
 * @returns the error's own message if this function does not know its code.
 */
export function describeFileError(error: unknown, path: string): string {
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case 'ENOENT':
      return `There is no file ${path}.`;
    case 'EISDIR':
      return `${path} is a folder, not a file.`;
    case 'ESPIPE':
      return `${path} is a pipe, not a file: save it to a file first.`;
    case 'ENOTDIR':
      return `A part of the path ${path} is a file, not a folder.`;
    case 'EACCES':
    case 'EPERM':
      return `This user has no permission to use ${path}.`;
    case 'ENOSPC':
      return `The disk is full: ${path} could not be written.`;
    case 'EROFS':
      return `${path} is on a read-only file system.`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Whether a process is there. */
import { systemCode } from '../core/errors.ts';

/** True also for a process of somebody else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error: unknown) {
    return systemCode(error) === 'EPERM';
  }
}

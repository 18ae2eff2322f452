/** Waits in two ways, each of which can be ended early. Neither keeps the process alive. */
export class Waiter {
  private woken = false;
  private hurried = false;
  private resume: ((by: 'wake' | 'hurry') => void) | undefined;

  /** Says that there is something to do: ends {@link untilWoken}, now or as soon as it begins. */
  wake(): void {
    this.woken = true;
    this.resume?.('wake');
  }

  /** Says that the work is urgent: ends either kind of wait once, now or as soon as it begins. */
  hurry(): void {
    this.woken = true;
    this.hurried = true;
    this.resume?.('hurry');
  }

  /** Says that the urgent work has begun. */
  calm(): void {
    this.hurried = false;
  }

  /** Waits until woken. @param ms the longest wait, in milliseconds; `Infinity` for no bound. */
  async untilWoken(ms: number): Promise<void> {
    if (!this.woken && ms > 0) await this.wait(ms, () => true);
    this.woken = false;
  }

  async untilHurried(ms: number): Promise<void> {
    if (!this.hurried && ms > 0) await this.wait(ms, (by) => by === 'hurry');
    this.hurried = false;
  }

  private wait(ms: number, ends: (by: 'wake' | 'hurry') => boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.resume = undefined;
        resolve();
      };
      const timer = ms === Infinity ? undefined : setTimeout(end, Math.min(ms, 2 ** 30)).unref();
      this.resume = (by) => {
        if (ends(by)) end();
      };
    });
  }
}

/** Waits that others can end early. None of them keeps the process alive. */
export class Waiter {
  private woken = false;
  private hurried = false;
  private resume: ((by: 'wake' | 'hurry') => void) | undefined;

  /** There is something to do: ends {@link untilWoken}, now or as soon as it begins. */
  wake(): void {
    this.woken = true;
    this.resume?.('wake');
  }

  /** It is to be done now: ends either wait, now or as soon as it begins, once. */
  hurry(): void {
    this.woken = true;
    this.hurried = true;
    this.resume?.('hurry');
  }

  /** What was to be done at once is being done. */
  calm(): void {
    this.hurried = false;
  }

  /** @param ms at most, in milliseconds; `Infinity`: for as long as it takes. */
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

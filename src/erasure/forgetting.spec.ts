import { Forgetting } from './forgetting';

describe('forgetting', () => {
  it('runs every step, even if one fails, and says what failed', async () => {
    const ran: string[] = [];
    const forgetting = new Forgetting();
    forgetting.add(() => Promise.reject(new Error('The disk is full.')));
    forgetting.add(() => ran.push('second'));
    await expect(forgetting.forget()).rejects.toThrow('The disk is full.');
    expect(ran).toEqual(['second']);
  });
});

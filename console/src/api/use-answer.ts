import { useState } from 'preact/hooks';

/**
 * Keeps what was answered to each question, and returns the answer to the one that the page asks now. An answer that
 * stayed when the question changes, or came after that, would be taken for the answer to the new one.
 * @param question all that the answer depends on.
 * @returns the answer, and what keeps another answer to the same question.
 */
export function useAnswerTo<Answer>(
  question: string,
): readonly [Answer | undefined, (answer: Answer | undefined) => void] {
  const [answers, set] = useState<ReadonlyMap<string, Answer | undefined>>(new Map());
  const keep = (answer: Answer | undefined) => set((was) => new Map(was).set(question, answer));
  return [answers.get(question), keep];
}

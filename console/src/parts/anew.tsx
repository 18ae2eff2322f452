import { createContext, type FunctionComponent } from 'preact';
import { useContext, useState } from 'preact/hooks';

const AnewContext = createContext<() => void>(() => undefined);

/**
 * Makes a form that begins anew once it is written. If its fields stayed filled in, two more clicks would write the
 * same again.
 */
export function anew<Props extends object>(
  Form: FunctionComponent<Props>,
): FunctionComponent<Props> {
  return function Anew(props: Props) {
    const [turn, setTurn] = useState(0);
    return (
      <AnewContext.Provider value={() => setTurn(turn + 1)}>
        <Form key={turn} {...props} />
      </AnewContext.Provider>
    );
  };
}

/** Returns what makes the form around a component begin anew. */
export const useAnew = () => useContext(AnewContext);

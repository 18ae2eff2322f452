import { createContext, type FunctionComponent } from 'preact';
import { useContext, useRef, useState } from 'preact/hooks';

interface Anew {
  /** Makes the form around a component begin anew. */
  readonly begin: () => void;
  /** Whether the form has just begun anew: true once each time, for what takes the focus that was lost with it. */
  readonly hasBegun: () => boolean;
}

const AnewContext = createContext<Anew>({ begin: () => undefined, hasBegun: () => false });

/**
 * Makes a form that begins anew once it is written. If its fields stayed filled in, two more clicks would write the
 * same again.
 */
export function anew<Props extends object>(
  Form: FunctionComponent<Props>,
): FunctionComponent<Props> {
  return function Anew(props: Props) {
    const [turn, setTurn] = useState(0);
    const isNew = useRef(false);
    const begin = () => {
      isNew.current = true;
      setTurn(turn + 1);
    };
    const hasBegun = () => {
      const is = isNew.current;
      isNew.current = false;
      return is;
    };
    return (
      <AnewContext.Provider value={{ begin, hasBegun }}>
        <Form key={turn} {...props} />
      </AnewContext.Provider>
    );
  };
}

export const useAnew = () => useContext(AnewContext);

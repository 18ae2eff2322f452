import { ConfigError, readConfig } from './config';

const read = (environment: Readonly<Record<string, string>>) => readConfig(environment, 0);

function mistakesOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).mistakes;
  }
}

describe('the configuration of logs, traces and the background check', () => {
  it('logs text at info, traces nothing, and checks with a hundredth of a core by default', () => {
    const { logs, tracing, backgroundCheckShare } = read({});
    expect(logs).toEqual({ format: 'text', level: 'info' });
    expect(tracing).toBeUndefined();
    expect(backgroundCheckShare).toBe(0.01);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' }, 'http://c:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://c/spans' }, 'https://c/spans'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://127.0.0.1:4318/v1/traces'],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, undefined],
    [{ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, undefined],
  ])('sends spans as OpenTelemetry says: %j', (environment, url) => {
    expect(read(environment as Record<string, string>).tracing?.url).toBe(url);
  });

  it.each(['0', '0.001', '.5', '1'])('takes a share of %s', (share) => {
    expect(read({ BACKGROUND_CHECK_SHARE: share }).backgroundCheckShare).toBe(Number(share));
  });

  it.each([
    ['BACKGROUND_CHECK_SHARE', '2'],
    ['BACKGROUND_CHECK_SHARE', '0.0001'],
    ['BACKGROUND_CHECK_SHARE', '-0.1'],
    ['BACKGROUND_CHECK_SHARE', '1%'],
    ['LOG_FORMAT', 'xml'],
    ['LOG_LEVEL', 'loud'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'user:s3cret@collector'],
  ])('names the variable of a mistake: %s', (name, value) => {
    const mistakes = mistakesOf({ [name]: value });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(name);
    expect(mistakes[0]).not.toContain('s3cret');
  });
});

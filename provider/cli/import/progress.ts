/** How far a long piece of work is: a bar on a terminal, a line now and then in a log. */
import { Presets, SingleBar } from 'cli-progress';

export type Progress = {
  begin(title: string, total: number): void;
  at(done: number): void;
  end(): void;
};

export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? bar(stream) : lines((text) => stream.write(`${text}\n`));
}

function bar(stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar(
    { stream, format: '{title} {bar} {percentage}% · {duration_formatted}', hideCursor: true },
    Presets.shades_classic,
  );
  return {
    begin: (title, total) => bar.start(Math.max(total, 1), 0, { title: title.padEnd(10) }),
    at: (done) => bar.update(done),
    end() {
      bar.update(bar.getTotal());
      bar.stop();
    },
  };
}

/** One line per tenth of the way. */
export function lines(write: (text: string) => void): Progress {
  let title = '';
  let total = 1;
  let told = 0;
  const tell = (tenths: number): void => {
    if (tenths <= told) return;
    told = tenths;
    write(`${title} ${10 * tenths} %`);
  };
  return {
    begin(newTitle, newTotal) {
      title = newTitle;
      total = Math.max(newTotal, 1);
      told = 0;
    },
    at: (done) => tell(Math.floor((10 * Math.min(done, total)) / total)),
    end: () => tell(10),
  };
}

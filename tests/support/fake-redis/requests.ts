/** The next line from `at` on, and where it ends; null where its end has not come. */
function lineAt(data: Buffer, at: number): { line: string; end: number } | null {
  const end = data.indexOf('\r\n', at);
  return end < 0 ? null : { line: data.toString('utf8', at, end), end: end + 2 };
}

/** One request (an array of bulk strings) from `at` on; null where it has not come whole. */
function requestAt(data: Buffer, at: number): { words: string[]; end: number } | null {
  const head = lineAt(data, at);
  if (!head) return null;
  if (!head.line.startsWith('*')) return { words: head.line.split(' '), end: head.end };
  const words: string[] = [];
  let { end } = head;
  for (let count = Number(head.line.slice(1)); count > 0; count--) {
    const size = lineAt(data, end);
    if (!size) return null;
    const bytes = Number(size.line.slice(1));
    if (data.length < size.end + bytes + 2) return null;
    words.push(data.toString('utf8', size.end, size.end + bytes));
    end = size.end + bytes + 2;
  }
  return { words, end };
}

/** Reads what comes in pieces of any size; returns the requests that are whole by then. */
export function createRequestReader(): (data: Buffer) => string[][] {
  let rest: Buffer = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    const requests: string[][] = [];
    for (let next = requestAt(rest, 0); next; next = requestAt(rest, 0)) {
      requests.push(next.words);
      rest = rest.subarray(next.end);
    }
    return requests;
  };
}

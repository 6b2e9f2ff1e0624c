/** What the SDK's declarations say of a member: interface name, member name in AWS's spelling → plain text. */
export interface Descriptions {
  describe(interfaceName: string, awsName: string): string | undefined;
}

const LONGEST = 220;

/**
 * AWS's documentation of a member, cut to what fits a line or two of `kubectl explain`: its first sentence, and the
 * second where both are short. HTML is taken out.
 */
export function cutDescription(html: string): string {
  const text = html
    .replace(/\s+/g, ' ')
    .replace(/<note>.*?<\/note>|<important>.*?<\/important>/g, ' ')
    .replace(/<(?:ul|ol|dl)>.*$/, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
  // "Valid values are:" says nothing without the list that followed it.
  const [first = '', second = ''] = text.split(/(?<=[.!?])\s+(?=[A-Z])/).filter((sentence) => !sentence.endsWith(':'));
  // "Note: …" and "For more information, see …" say nothing without what follows them.
  const both = second === '' || /^(For more|To learn|See )/.test(second) ? first : `${first} ${second}`;
  return cut(both.length <= LONGEST ? both : first);
}

function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, text.lastIndexOf(' ', LONGEST - 1))} …`;
}

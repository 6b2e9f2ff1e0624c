import { badRequest } from './api-error.ts';
import { at, type JsonObject, objectAt } from './json.ts';

/** Whether an object is selected. */
export type Selector = (object: JsonObject) => boolean;

/** The selection of a list or watch; undefined: everything. @throws ApiError (BadRequest) when it cannot be read. */
export function selectorOf(query: URLSearchParams): Selector | undefined {
  const parts = [labelSelector(query.get('labelSelector') ?? ''), fieldSelector(query.get('fieldSelector') ?? '')];
  const given = parts.filter((part) => part !== undefined);
  return given.length === 0 ? undefined : (object) => given.every((selects) => selects(object));
}

function labelSelector(text: string): Selector | undefined {
  if (text === '') return undefined;
  const requirements = splitOutsideParentheses(text).map(labelRequirement);
  return (object) => {
    const labels = objectAt(object, 'metadata', 'labels') ?? {};
    return requirements.every((holds) => holds(labels));
  };
}

function labelRequirement(text: string): (labels: JsonObject) => boolean {
  const set = /^\s*(\S+)\s+(in|notin)\s+\(([^)]*)\)\s*$/.exec(text);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    const isIn = (labels: JsonObject) => values.includes(String(labels[key] ?? '')) && Object.hasOwn(labels, key);
    return operator === 'in' ? isIn : (labels) => !isIn(labels);
  }
  const equality = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(\S*)\s*$/.exec(text);
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality;
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const presence = /^\s*(!?)\s*([^\s!]+)\s*$/.exec(text);
  if (presence === null) throw badRequest(`unable to parse requirement: ${text}`);
  const [, not, key = ''] = presence;
  return (labels) => Object.hasOwn(labels, key) === (not === '');
}

/** Custom resources can be selected by their name and namespace only. */
function fieldSelector(text: string): Selector | undefined {
  if (text === '') return undefined;
  const requirements = text.split(',').map((part) => {
    const [, name = '', operator, value = ''] = /^\s*([^=!]+?)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part) ?? [];
    if (name !== 'metadata.name' && name !== 'metadata.namespace') {
      throw badRequest(`field label not supported: ${name === '' ? part : name}`);
    }
    const path = name.split('.');
    return (object: JsonObject) => (at(object, ...path) === value) === (operator !== '!=');
  });
  return (object) => requirements.every((holds) => holds(object));
}

function splitOutsideParentheses(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/);
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describedService, describedTaskDefinition } from '../../test/shape/describe-as-aws.ts';
import { realFiles, realFilesThere } from '../../test/shape/real-files.ts';
import { shuffled } from '../../test/shape/shuffle.ts';
import { compareDeclared } from './compare.ts';
import { contentHash } from './content-hash.ts';
import { ecsRules } from './ecs-rules.ts';
import { declaredPaths, valueAt } from './leaves.ts';
import { normalise } from './normalise.ts';
import { sameTaskDefinition } from './same-task-definition.ts';
import { isObject, type Json, type JsonObject, type Structure } from './shape.ts';
import { serviceShape, taskDefinitionShape } from './shapes.ts';

const MISSING = /is required, and is missing or empty/;
const WRAPPER = /is the wrapper that AWS prints; paste what is inside/;

/** The files that AWS would refuse, or that are another request, and what the person is told of the first fault. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  // Skeletons as `aws … --generate-cli-skeleton` prints them, nothing filled in.
  'task-definitions/001.json': MISSING,
  'task-definitions/026.json': MISSING,
  'services/001.json': MISSING,
  'services/003.json': MISSING,
  // An image that a pipeline fills in before it registers.
  'task-definitions/033.json': MISSING,
  'task-definitions/067.json': MISSING,
  'task-definitions/085.json': MISSING,
  'task-definitions/022.json': WRAPPER,
  'task-definitions/040.json': WRAPPER,
  'task-definitions/053.json': WRAPPER,
  'task-definitions/079.json': WRAPPER,
  'services/040.json': WRAPPER,
  'task-definitions/043.json': /secretOptions must be a list, not an object/,
  'task-definitions/047.json': /containerPort must be a whole number, not "<container-port>"/,
  'task-definitions/050.json': /networkMode is "\{\{networkmode\}\}", but AWS takes only/,
  'task-definitions/056.json': /inferenceDevices is not a member/,
  'services/007.json': /service is not a member .* UpdateService request; write serviceName/,
  'services/014.json': /enableLogging is not a member/,
  'services/023.json': /service is not a member .* UpdateService request; write serviceName/,
  'services/024.json': /alarmnames is not a member .* did you mean alarmNames\?/,
};

interface Kind {
  readonly folder: 'services' | 'task-definitions';
  readonly shape: Structure;
  /** What AWS prints of it. */
  readonly describe: (request: JsonObject) => JsonObject;
}

const kinds: readonly Kind[] = [
  { folder: 'task-definitions', shape: taskDefinitionShape, describe: describedTaskDefinition },
  { folder: 'services', shape: serviceShape, describe: describedService },
];

// The files stand beside the project and are not part of it (many come without a licence): see ../shared.
describe.skipIf(!realFilesThere).each(kinds)('real $folder', ({ folder, shape, describe: describeAsAws }) => {
  const read = (json: Json) => normalise(json, shape, { supplied: ['family', 'serviceName'] });
  const files = realFiles(folder).map(({ file, json }) => ({ name: `${folder}/${file}`, json, ...read(json) }));
  const good = files.filter(({ name }) => REFUSED[name] === undefined);

  test.each(files)('$name is understood, or refused with what to do', ({ name, problems }) => {
    const refused = REFUSED[name];
    if (refused === undefined) expect(problems).toEqual([]);
    else expect(`${problems[0]?.path} ${problems[0]?.message}`).toMatch(refused);
  });

  test.each(files)('$name says the same when it is read twice', ({ value }) => {
    expect(read(value).value).toEqual(value);
  });

  test.each(good)('$name as AWS prints it is no drift', ({ value }) => {
    const live = describeAsAws(value);
    expect(compareDeclared({ declared: value, live, shape, rules: ecsRules })).toEqual([]);
  });

  test.each(good)('$name has leaves that lead to what was written', ({ value }) => {
    const paths = declaredPaths(value, shape);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(valueAt(value, path), path).toBeDefined();
  });

  test.each(good)('$name in another order is the same content', ({ value }) => {
    const hash = contentHash({ value, shape, rules: ecsRules });
    fc.assert(
      fc.property(shuffled(value, shape), (other) => {
        expect(isObject(other) && contentHash({ value: other, shape, rules: ecsRules })).toBe(hash);
      }),
      { numRuns: 5 },
    );
  });

  test('are all there', () => {
    expect(files).toHaveLength(folder === 'services' ? 44 : 93);
  });
});

describe.skipIf(!realFilesThere)('a real task definition that stands in AWS', () => {
  const files = realFiles('task-definitions')
    .filter(({ file }) => REFUSED[`task-definitions/${file}`] === undefined)
    .map(({ file, json }) => ({ file, value: normalise(json, taskDefinitionShape, { supplied: ['family'] }).value }));

  test.each(files)('$file is adopted without a new revision', ({ value }) => {
    expect(sameTaskDefinition(value, describedTaskDefinition(value))).toBe(true);
  });

  test.each(files)('$file with another image is not', ({ value }) => {
    const live = JSON.parse(JSON.stringify(describedTaskDefinition(value)));
    live.containerDefinitions[0].image = 'another';
    expect(sameTaskDefinition(value, live)).toBe(false);
  });
});

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Repository and tag of the image that the chart asks for by itself, so that an image built here is found by it. */
export function imageName(): string {
  const chart = new URL('../../charts/ecs-operator/', import.meta.url);
  const read = (name: string): unknown => parse(readFileSync(new URL(name, chart), 'utf8'));
  // Safe: these members are the chart's own, and an image without them is refused by docker.
  const { image } = read('values.yaml') as { readonly image: { readonly repository: string; readonly tag: string } };
  const { appVersion } = read('Chart.yaml') as { readonly appVersion: string };
  return `${image.repository}:${image.tag || appVersion}`;
}

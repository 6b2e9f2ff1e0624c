import {
  type ListAccountSettingsRequest,
  type PutAccountSettingDefaultRequest,
  type PutAccountSettingRequest,
  type Setting,
  SettingName,
} from '@aws-sdk/client-ecs';
import type { CallContext } from '../core/request.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { checkEnum } from './enum-checks.ts';

const defaults: Readonly<Record<SettingName, string>> = {
  awsvpcTrunking: 'disabled',
  containerInsights: 'disabled',
  containerInstanceLongArnFormat: 'enabled',
  defaultLogDriverMode: 'non-blocking',
  fargateEventWindows: 'disabled',
  fargateFIPSMode: 'disabled',
  fargateTaskRetirementWaitPeriod: '7',
  guardDutyActivate: 'off',
  serviceLongArnFormat: 'enabled',
  tagResourceAuthorization: 'off',
  taskLongArnFormat: 'enabled',
};

/** Settings are kept for the account as a whole: a setting for one principal is one for all. */
export function listAccountSettings(
  ctx: EcsContext,
  input: ListAccountSettingsRequest,
  call: CallContext,
): { settings: Setting[] } {
  const names = Object.values(SettingName).filter(
    (name) =>
      (input.name === undefined || name === input.name) &&
      (input.effectiveSettings === true || ctx.state.accountSettings.has(name)),
  );
  const settings = names.map((name) => setting(ctx, name, input.principalArn ?? call.caller));
  return { settings: settings.filter(({ value }) => input.value === undefined || value === input.value) };
}

export function putAccountSetting(
  ctx: EcsContext,
  input: Checked<PutAccountSettingRequest> | Checked<PutAccountSettingDefaultRequest>,
  call: CallContext,
): { setting: Setting } {
  checkEnum({ name: 'name', value: input.name, of: SettingName });
  ctx.state.accountSettings.set(input.name, input.value);
  return { setting: setting(ctx, input.name, call.caller) };
}

function setting(ctx: EcsContext, name: SettingName, principalArn: string): Setting {
  const value = ctx.state.accountSettings.get(name) ?? defaults[name];
  return { name, value, principalArn, type: name === 'fargateEventWindows' ? 'aws_managed' : 'user' };
}

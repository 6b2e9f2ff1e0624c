import { describe, expect, it } from 'vitest';
import { Metrics } from './metrics.ts';

const metrics = (conditionLimit = 100) => new Metrics({ conditionLimit, version: '1.2.3' });

/** The series of the given names, without help and types. */
async function series(from: Metrics, prefix: string): Promise<readonly string[]> {
  const text = await from.text();
  return text.split('\n').filter((line) => line.startsWith(prefix));
}

describe('metrics', () => {
  it('say which version runs', async () => {
    expect(await series(metrics(), 'ecs_operator_build_info')).toEqual([
      `ecs_operator_build_info{version="1.2.3",node="${process.version}"} 1`,
    ]);
  });

  it('count AWS calls by code, and measure answers and waits', async () => {
    const all = metrics();
    all.aws.requestDone({ service: 'ecs', operation: 'CreateService', code: 'OK', seconds: 0.2 });
    all.aws.requestDone({ service: 'ecs', operation: 'CreateService', code: 'ThrottlingException', seconds: 0.02 });
    all.aws.limiterWaited({ category: 'service-modify', seconds: 4 });
    expect(await series(all, 'ecs_operator_aws_requests_total')).toEqual([
      'ecs_operator_aws_requests_total{service="ecs",operation="CreateService",code="OK"} 1',
      'ecs_operator_aws_requests_total{service="ecs",operation="CreateService",code="ThrottlingException"} 1',
    ]);
    expect(await series(all, 'ecs_operator_aws_request_duration_seconds_count')).toEqual([
      'ecs_operator_aws_request_duration_seconds_count{service="ecs",operation="CreateService"} 2',
    ]);
    expect(await series(all, 'ecs_operator_aws_limiter_wait_seconds_bucket{le="2.5"')).toEqual([
      'ecs_operator_aws_limiter_wait_seconds_bucket{le="2.5",category="service-modify"} 0',
    ]);
    expect(await series(all, 'ecs_operator_aws_limiter_wait_seconds_bucket{le="5"')).toEqual([
      'ecs_operator_aws_limiter_wait_seconds_bucket{le="5",category="service-modify"} 1',
    ]);
  });

  it('have controller-runtime’s names, so that existing dashboards work', async () => {
    const all = metrics();
    const controller = all.controller('ecsservice');
    controller.reconciled('requeue_after');
    controller.failed();
    controller.stalled();
    controller.panicked();
    controller.took(0.3);
    controller.workers(50);
    controller.active(3);
    const queue = all.queue('ecsservice');
    queue.depth(7);
    queue.added();
    queue.queued(0.01);
    queue.worked(0.02);
    queue.retried();
    queue.inProgress(() => ({ unfinishedSeconds: 5, longestSeconds: 3 }));
    all.kube.request({ code: '200', method: 'GET', host: 'k:6443' });
    all.leader.leading('ecs-operator', true);
    const text = await all.text();
    for (const line of [
      'controller_runtime_reconcile_total{controller="ecsservice",result="requeue_after"} 1',
      'controller_runtime_reconcile_total{controller="ecsservice",result="success"} 0',
      'controller_runtime_reconcile_errors_total{controller="ecsservice"} 1',
      'controller_runtime_terminal_reconcile_errors_total{controller="ecsservice"} 1',
      'controller_runtime_reconcile_panics_total{controller="ecsservice"} 1',
      'controller_runtime_reconcile_time_seconds_sum{controller="ecsservice"} 0.3',
      'controller_runtime_max_concurrent_reconciles{controller="ecsservice"} 50',
      'controller_runtime_active_workers{controller="ecsservice"} 3',
      'workqueue_depth{name="ecsservice",controller="ecsservice"} 7',
      'workqueue_adds_total{name="ecsservice",controller="ecsservice"} 1',
      'workqueue_queue_duration_seconds_sum{name="ecsservice",controller="ecsservice"} 0.01',
      'workqueue_work_duration_seconds_sum{name="ecsservice",controller="ecsservice"} 0.02',
      'workqueue_retries_total{name="ecsservice",controller="ecsservice"} 1',
      'workqueue_unfinished_work_seconds{name="ecsservice",controller="ecsservice"} 5',
      'workqueue_longest_running_processor_seconds{name="ecsservice",controller="ecsservice"} 3',
      'rest_client_requests_total{code="200",method="GET",host="k:6443"} 1',
      'leader_election_master_status{name="ecs-operator"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('ask at each scrape what is in progress', async () => {
    const all = metrics();
    let unfinishedSeconds = 1;
    all.queue('q').inProgress(() => ({ unfinishedSeconds, longestSeconds: 1 }));
    await all.text();
    unfinishedSeconds = 9;
    expect(await series(all, 'workqueue_unfinished_work_seconds')).toEqual([
      'workqueue_unfinished_work_seconds{name="q",controller="q"} 9',
    ]);
  });

  it('can be made twice in one process', () => {
    expect(() => [metrics(), metrics()]).not.toThrow();
  });
});

describe('the condition series', () => {
  const web = { name: 'web', namespace: 'shop' };
  const ready = (status: 'True' | 'False' | 'Unknown') => [{ type: 'Ready', status }];
  const of = (all: Metrics) => series(all, 'ecs_operator_resource_condition{');

  it('are one per condition: 1 when True, 0 when False or Unknown', async () => {
    const all = metrics();
    all.conditions('EcsService', web, [
      ...ready('True'),
      { type: 'Synced', status: 'False' },
      { type: 'Drifted', status: 'Unknown' },
    ]);
    expect(await of(all)).toEqual([
      'ecs_operator_resource_condition{kind="EcsService",namespace="shop",name="web",type="Ready"} 1',
      'ecs_operator_resource_condition{kind="EcsService",namespace="shop",name="web",type="Synced"} 0',
      'ecs_operator_resource_condition{kind="EcsService",namespace="shop",name="web",type="Drifted"} 0',
    ]);
  });

  it('change with the object, lose conditions that it lost, and go with it', async () => {
    const all = metrics();
    all.conditions('EcsService', web, [...ready('False'), { type: 'Stalled', status: 'True' }]);
    all.conditions('EcsService', web, ready('True'));
    all.conditions('AwsAccount', { name: 'default' }, ready('True'));
    expect(await of(all)).toEqual([
      'ecs_operator_resource_condition{kind="EcsService",namespace="shop",name="web",type="Ready"} 1',
      'ecs_operator_resource_condition{kind="AwsAccount",namespace="",name="default",type="Ready"} 1',
    ]);
    all.conditions('EcsService', web, undefined);
    all.conditions('AwsAccount', { name: 'default' }, []);
    expect(await of(all)).toEqual([]);
  });

  it('are left out while there are more objects than the limit, and come back', async () => {
    const all = metrics(2);
    for (const name of ['a', 'b', 'c']) all.conditions('EcsService', { name, namespace: 'n' }, ready('True'));
    expect(await of(all)).toEqual([]);
    all.conditions('EcsService', { name: 'c', namespace: 'n' }, undefined);
    expect(await of(all)).toHaveLength(2);
  });

  it('are never there with a limit of 0', async () => {
    const all = metrics(0);
    all.conditions('EcsService', web, ready('True'));
    expect(await of(all)).toEqual([]);
  });

  it('stand with the others in a text of which Prometheus can read every line', async () => {
    const all = metrics();
    all.conditions('EcsService', web, ready('True'));
    const lines = (await all.text()).split('\n');
    expect(lines.at(-1)).toBe('');
    expect(lines.filter((line) => !/^$|^# (HELP|TYPE) \w+ \S|^\w+(\{.*\})? \S+$/.test(line))).toEqual([]);
    expect(lines.at(-2)).toContain('ecs_operator_resource_condition');
  });
});

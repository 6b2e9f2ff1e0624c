/** What `GET /_fake/` prints. */
export const HELP = `A fake of AWS: Amazon ECS, AWS Cloud Map and STS. It holds everything in memory, and forgets it when it ends.

Point the AWS CLI or an SDK at it, with any access key (twelve digits: that account):
  export AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_DEFAULT_REGION=eu-central-1 AWS_REGION=eu-central-1
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DISABLE_HOST_PREFIX_INJECTION=true

Look
  GET    /_fake/state           everything it holds, by account/region and service
  GET    /_fake/calls           the last 50,000 calls; ?since=ID &limit=N &service= &operation= &code= &name=
  GET    /_fake/calls/counts    how many calls ended with which code
  DELETE /_fake/calls           forget them

Let things go wrong
  POST   /_fake/faults          one rule, or a list of them; answers their ids
  GET    /_fake/faults          the rules, with how many calls they saw and hit
  DELETE /_fake/faults          remove all, or ?id=N

  A rule says which calls (service, operation [a trailing * matches any ending], name [text in the input], accountId,
  region), when (nth matching call, how many times, chance from 0 to 1) and what happens (kind):
    {"kind":"fail","code":"ServerException","status":500}   refused, without any effect
    {"kind":"throttle"}                                     refused: Rate exceeded
    {"kind":"reset"}                                        connection cut, without any effect
    {"kind":"lose"}                                         takes effect, connection cut: the answer is lost
    {"kind":"fail-after","code":"ServerException"}          takes effect, answered with an error
    {"kind":"delay","ms":2000}                              waits before the effect; "after":true before the answer
    {"kind":"stale","ms":5000}                              reads answer as of so long ago
    {"kind":"malformed","body":"<html>"}                    takes effect, answered with something that is no JSON
    {"kind":"unknown","enumMembers":["launchType"]}         members and values that no SDK knows
  e.g. curl -d '{"kind":"lose","operation":"CreateService","nth":3}' http://127.0.0.1:4566/_fake/faults

Act behind everybody's back. Each takes "cluster" and, where it is about one, "service"; "region" and "accountId" where
the fake was called in several.
  POST   /_fake/tasks/kill      {"cluster":"c","service":"s","count":1,"exitCode":137,"reason":"…"}: running tasks exit
  POST   /_fake/tasks/rules     {"match":{"image":"bad"},"fate":{"kind":"start-failure"}}: what becomes of tasks from now
                                on; match by image, family, cluster, service (regular expressions); fates: start-failure,
                                exit (exitCode, afterMs), unhealthy, hang
  GET    /_fake/tasks/rules     the rules
  DELETE /_fake/tasks/rules     take all back, or ?number=N
  POST   /_fake/hold            {"cluster":"c","service":"s"}: nothing moves in this service, until
  POST   /_fake/release         the same
  POST   /_fake/deployments/fail {"cluster":"c","service":"s","rollback":true}: as an alarm would
  POST   /_fake/mutate          {"cluster":"c","service":"s","set":{"desiredCount":9}}, {"taskDefinition":"f:1","set":{…}}
                                or {"cluster":"c","set":{…}}: changed as if AWS had always held it so
  POST   /_fake/capacity/fill   {"cluster":"c"}: no task finds a place, until
  POST   /_fake/capacity/free   the same
  POST   /_fake/instances       {"cluster":"c","count":2}: container instances; from then on the cluster has no others
  POST   /_fake/instances/remove {"cluster":"c"}: all of them go, or those of "arns"
  POST   /_fake/target-groups/detach {"arn":"…"}: it has no load balancer, until
  POST   /_fake/target-groups/attach the same

Other
  GET    /_fake/throttle        whether AWS's request rates are held
  POST   /_fake/throttle        {"enabled": false}
`;

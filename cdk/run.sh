#!/usr/bin/env bash
# Runs one command of the program once, as the service runs it: the same version, environment and rights. Prints what it
# said, and ends with its exit code.
#
#   cdk/run.sh dev|prod COMMAND…        for example: cdk/run.sh prod check-books, cdk/run.sh prod job deliver-outbox
#
# Needs the AWS CLI, and may run while the shop is open.
set -euo pipefail

environment=${1:?which environment: dev or prod}
shift
[ $# -gt 0 ] || { echo "which command: check-books, or job NAME"; exit 64; }

output() { # stack, name of the output
  aws cloudformation describe-stacks --stack-name "awsomeshop-$environment-$1" \
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}

cluster=$(output compute ClusterName)
subnets=$(output network TaskSubnets)
group=$(output network TaskGroupId)
service=$(output service ServiceName)
log=$(output service LogGroupName)
# What the service runs now, which after a roll-back is not what was deployed last.
definition=$(aws ecs describe-services --cluster "$cluster" --services "$service" \
  --query 'services[0].taskDefinition' --output text)

words=$(printf '"%s",' "$@")
task=$(aws ecs run-task --cluster "$cluster" --task-definition "$definition" --launch-type FARGATE --count 1 \
  --network-configuration "awsvpcConfiguration={subnets=[$subnets],securityGroups=[$group],assignPublicIp=DISABLED}" \
  --overrides "{\"containerOverrides\":[{\"name\":\"shop\",\"command\":[${words%,}]}]}" \
  --query 'tasks[0].taskArn' --output text)
[ "$task" != None ] || { echo "the task could not be started"; exit 70; }
echo "running $task"

# The waiter gives up after ten minutes, we do not; when it failed for another reason the next line fails as well.
until aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task" 2> /dev/null; do
  aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query 'tasks[0].lastStatus' --output text
done

stream=shop/shop/${task##*/}
echo "what it said (log group $log, stream $stream; the last lines may arrive a little later):"
aws logs filter-log-events --log-group-name "$log" --log-stream-names "$stream" --query 'events[].[message]' --output text || true
code=$(aws ecs describe-tasks --cluster "$cluster" --tasks "$task" \
  --query "tasks[0].containers[?name=='shop'].exitCode | [0]" --output text)
# A container that never began has no exit code.
[ "$code" != None ] || { echo "the task never began: see its stopped reason"; exit 70; }
exit "$code"

#!/usr/bin/env bash
# Brings the schema of an environment up, before the service is deployed: runs the migration task once and waits for it.
#
#   cdk/migrate.sh dev|prod
#
# Needs the AWS CLI, and may run while the shop is open. It ends well only when all of its containers have.
set -euo pipefail

environment=${1:?which environment: dev or prod}

output() { # stack, name of the output
  aws cloudformation describe-stacks --stack-name "awsomeshop-$environment-$1" \
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}

cluster=$(output compute ClusterName)
subnets=$(output network TaskSubnets)
group=$(output network TaskGroupId)
family=$(output compute MigrationTask)

task=$(aws ecs run-task --cluster "$cluster" --task-definition "$family" --launch-type FARGATE --count 1 \
  --network-configuration "awsvpcConfiguration={subnets=[$subnets],securityGroups=[$group],assignPublicIp=DISABLED}" \
  --query 'tasks[0].taskArn' --output text)
[ "$task" != None ] || { echo "the task could not be started"; exit 1; }
echo "running $task"

# A large table takes its time: the waiter gives up after ten minutes, we do not.
until aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task" 2> /dev/null; do
  # When the waiter failed for another reason this fails as well, and ends the script.
  aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query 'tasks[0].lastStatus' --output text
done

aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --output table \
  --query 'tasks[0].containers[].{container:name,exit:exitCode,reason:reason}'
# A container that never began has no exit code, so each must be there and be 0.
codes=$(aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query 'tasks[0].containers[].exitCode' --output text)
[ "$(tr -s '[:space:]' ' ' <<< "$codes" | sed 's/ $//')" = "0 0 0" ] ||
  { echo "the migration failed: see the log group /awsomeshop/$environment/migration"; exit 1; }
echo "the schema is up to date"

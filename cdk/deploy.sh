#!/usr/bin/env bash
# Brings a version to an environment and looks at it; a version that is not well gives way to the one before.
#
#   cdk/deploy.sh dev|prod [FOLDER]
#
# FOLDER is the image as `bin/image build` leaves it, var/image/registry unless given: built once, it is pushed to each
# environment with the same digest, and everything is deployed by that digest. Needs the AWS CLI, skopeo, jq, and what the
# CDK needs (README.md). The stacks `network`, `data`, `events` and `identity` are not touched: a version does not change them.
set -euo pipefail
cd "$(dirname "$0")"

environment=${1:?which environment: dev or prod}
folder=$(cd ..; realpath "${2:-var/image/registry}")

output() { # stack, name of the output
  aws cloudformation describe-stacks --stack-name "awsomeshop-$environment-$1" \
    --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}

deploy() { # stack, digest
  npx cdk deploy "awsomeshop-$environment-$1" --exclusively --require-approval never -c env="$environment" -c image="$2"
}

# The digest of what serves people now; nothing before the first deployment.
serving() {
  local definition
  definition=$(output service TaskDefinitionArn 2> /dev/null) || return 0
  aws ecs describe-task-definition --task-definition "$definition" \
    --query "taskDefinition.containerDefinitions[?name=='shop'].image | [0]" --output text | sed 's/.*@//'
}

digest=sha256:$(sha256sum "$folder/manifest.json" | cut -d' ' -f1)
before=$(serving)
echo "── push $digest"
repository=$(output data RepositoryUri)
# A tag is for people, and never changes: the commit, and what became of it.
tag=$(git rev-parse --short=12 HEAD)-${digest:7:12}
if aws ecr describe-images --repository-name "${repository#*/}" --image-ids imageDigest="$digest" > /dev/null 2>&1; then
  echo "is there already"
else
  aws ecr get-login-password | skopeo login --username AWS --password-stdin "${repository%%/*}"
  skopeo copy --preserve-digests "dir:$folder" "docker://$repository:$tag"
fi

echo "── the migration task, and the schema"
deploy compute "$digest"
./migrate.sh "$environment"

echo "── the service"
# ECS itself goes back when the tasks do not become healthy, or answer with errors; then this fails.
deploy service "$digest"

echo "── a look at it"
if ! ../bin/smoke "$(output compute PublicUrl)"; then
  [ -n "$before" ] || { echo "the first version is not well, and there is none before it"; exit 1; }
  [ "$before" != "$digest" ] || { echo "not well, and it was this version before"; exit 1; }
  echo "── back to $before"
  deploy service "$before"
  echo "the version is not well: the one before it serves again"
  exit 1
fi

echo "── what watches it"
deploy observability "$digest"
echo "$digest serves $environment"

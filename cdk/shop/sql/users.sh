# shellcheck shell=sh
# Makes the two users, or gives them the passwords of today. The password of yesterday goes on working until the next run,
# so that the tasks that are running stay connected while it changes.
user() {
  printf "CREATE USER IF NOT EXISTS '%s'@'%%' IDENTIFIED BY '%s' REQUIRE SSL;\n" "$1" "$2"
  printf "ALTER USER '%s'@'%%' IDENTIFIED BY '%s' RETAIN CURRENT PASSWORD;\n" "$1" "$2"
}
{
  user "$OWNER" "$OWNER_PASSWORD"
  user "$WORKER" "$WORKER_PASSWORD"
  printf "GRANT ALL PRIVILEGES ON \`%s\`.* TO '%s'@'%%';\n" "$DATABASE" "$OWNER"
  printf "GRANT SELECT, INSERT ON \`%s\`.* TO '%s'@'%%';\n" "$DATABASE" "$WORKER"
} | ask
echo "users: done"

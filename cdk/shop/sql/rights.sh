# shellcheck shell=sh
# Lets the program change the rows of every table but those that are only ever added to.
kept="''"
for table in $APPEND_ONLY; do kept="$kept, '$table'"; done
ask --execute="
  SELECT CONCAT('GRANT UPDATE, DELETE ON \`', table_schema, '\`.\`', table_name, '\` TO ''$WORKER''@''%'';')
  FROM information_schema.tables
  WHERE table_schema = '$DATABASE' AND table_type = 'BASE TABLE' AND table_name NOT IN ($kept)" > /dev/shm/rights.sql
ask < /dev/shm/rights.sql
echo "rights: done"

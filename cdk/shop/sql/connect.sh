# shellcheck shell=sh
# Speaks to the database as its administrator, and only when the database can prove that it is the one.
# The disk is read-only; /dev/shm is memory, and open to whoever the container runs as.
curl -fsS --retry 5 --connect-timeout 10 -o /dev/shm/certificates.pem "$CERTIFICATES"
ask() {
  mysql --host="$HOST" --port="$PORT" --user="$ADMIN" --ssl-mode=VERIFY_IDENTITY --ssl-ca=/dev/shm/certificates.pem \
    --batch --skip-column-names "$@"
}

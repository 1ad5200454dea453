/* PostgreSQL's own client library; Debian has its header in the package libpq-dev. */
#include <libpq-fe.h>

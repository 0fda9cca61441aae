/* SPDX-License-Identifier: MIT */
/* nvtool: the one place that ends the process. */
#include <stdlib.h>
#include "cli/cmd.h"

int main(int argc, char **argv)
{
	exit(cli_main(argc, argv));
}

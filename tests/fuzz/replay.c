/*
 * Runs every file of the folders named on the command line through a fuzzer's
 * entry point, so that what was once found stays found under any compiler.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	static uint8_t bytes[4 * 1024 * 1024];
	size_t n;

	if (!f)
		return 0;
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	/* A copy of just the right size, so that ASan sees its end. */
	uint8_t *copy = malloc(n ? n : 1);
	if (!copy)
		abort();
	for (size_t i = 0; i < n; i++)
		copy[i] = bytes[i];
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
	return 1;
}

int
main(int argc, char **argv)
{
	int runs = 0;

	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);
		struct dirent *e;

		if (!dir) {
			fprintf(stderr, "replay: no folder %s\n", argv[i]);
			return 1;
		}
		while ((e = readdir(dir))) {
			char path[4096];

			if (e->d_name[0] == '.')
				continue;
			snprintf(path, sizeof path, "%s/%s", argv[i], e->d_name);
			runs += replay(path);
		}
		closedir(dir);
	}
	printf("replayed %d inputs\n", runs);
	return runs > 0 ? 0 : 1;
}

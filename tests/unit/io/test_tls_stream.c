/*
 * The stream by itself: deadlines, ends and SIGPIPE over plain sockets. Its
 * certificates are tried against Dovecot in test_imap.c.
 */
#include "bench.h"

#include "io/tls_stream.h"

static void
pair_open(int fd[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, fd), 0);
}

static void
low_done(mailstream_low *low)
{
	mailstream_low_close(low);
	mailstream_low_free(low);
}

static void
test_read_deadline(void **state)
{
	int64_t begin = clock_mono_ms();
	mailstream_low *low;
	char buf[16];
	int fd[2];

	(void)state;
	pair_open(fd);
	low = plain_stream_new(fd[0], 200);
	assert_int_equal(low->driver->mailstream_read(low, buf, sizeof buf),
	    -1);
	assert_true(clock_mono_ms() - begin >= 200);
	assert_true(clock_mono_ms() - begin < 2000);
	assert_string_equal(stream_why(low), "no answer in time");
	/* Once lost, lost. */
	assert_int_equal(write(fd[1], "late", 4), 4);
	assert_int_equal(low->driver->mailstream_read(low, buf, sizeof buf),
	    -1);
	low_done(low);
	close(fd[1]);
}

static void
test_write_deadline(void **state)
{
	static char block[1 << 20];
	int64_t begin = clock_mono_ms();
	mailstream_low *low;
	int fd[2];

	(void)state;
	pair_open(fd);
	low = plain_stream_new(fd[0], 200);
	while (low->driver->mailstream_write(low, block, sizeof block) > 0)
		assert_true(clock_mono_ms() - begin < 5000);
	assert_true(clock_mono_ms() - begin >= 200);
	assert_string_equal(stream_why(low), "the server took nothing in time");
	low_done(low);
	close(fd[1]);
}

static void
test_end_and_sigpipe(void **state)
{
	mailstream_low *low;
	char buf[16];
	int fd[2];

	(void)state;
	pair_open(fd);
	low = plain_stream_new(fd[0], 200);
	close(fd[1]);
	assert_true(stream_ready(low));
	/* SIGPIPE is as the system made it: it would end this test. */
	assert_int_equal(low->driver->mailstream_write(low, "x", 1), -1);
	low_done(low);

	pair_open(fd);
	low = plain_stream_new(fd[0], 200);
	assert_false(stream_ready(low));
	assert_int_equal(write(fd[1], "ab", 2), 2);
	assert_true(stream_ready(low));
	close(fd[1]);
	assert_int_equal(low->driver->mailstream_read(low, buf, sizeof buf), 2);
	/* The end is an error: 0 would make libetpan ask for ever. */
	assert_int_equal(low->driver->mailstream_read(low, buf, sizeof buf),
	    -1);
	assert_string_equal(stream_why(low), "closed by the server");
	low_done(low);
}

static void
test_budget(void **state)
{
	mailstream_low *low;
	char buf[16];
	int fd[2];

	(void)state;
	pair_open(fd);
	low = plain_stream_new(fd[0], 200);
	stream_begin(low, 200, 5);
	assert_int_equal(write(fd[1], "12345678", 8), 8);
	assert_int_equal(low->driver->mailstream_read(low, buf, sizeof buf), 5);
	assert_int_equal(low->driver->mailstream_read(low, buf, sizeof buf),
	    -1);
	assert_string_equal(stream_why(low), "the answer is too long");
	low_done(low);
	close(fd[1]);
}

static void
test_handshake(void **state)
{
	static const struct {
		const char *script[4];
		const char *text;
	} rows[] = {
		{ { ".900" }, "no answer in time" },
		{ { "<", "!" }, "TLS handshake with \"127.0.0.1\"" },
		{ { "!" }, "TLS handshake" },
		{ { ">* OK IMAP4 ready, and this is no TLS\r\n" },
		    "is tls = starttls meant?" },
	};

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct fake f = fake_start(rows[k].script);
		int64_t begin = clock_mono_ms();
		mailstream_low *low = NULL;
		struct cd_err err;
		int fd;

		assert_int_equal(tcp_connect("127.0.0.1", f.port, 1000, &fd,
		    &err), CD_OK);
		assert_int_equal(tls_stream_new(fd, "127.0.0.1", NULL, 300,
		    &low, &err), CD_AGAIN);
		if (!strstr(err.text, rows[k].text))
			fail_msg("row %zu: %s", k, err.text);
		assert_true(clock_mono_ms() - begin < 2500);
		assert_null(low);
		/* The descriptor stayed ours. */
		assert_int_equal(close(fd), 0);
		fake_stop(&f);
	}
}

static void
test_connect(void **state)
{
	int64_t begin;
	struct cd_err err;
	int fd = -7;

	(void)state;
	assert_int_equal(tcp_connect("127.0.0.1", 1, 1000, &fd, &err),
	    CD_AGAIN);
	assert_string_equal(err.text,
	    "connect to 127.0.0.1 port 1: Connection refused");
	assert_int_equal(fd, -7);
	/* RFC 5737: nobody answers there, or the network says so at once. */
	begin = clock_mono_ms();
	assert_int_equal(tcp_connect("192.0.2.1", 993, 300, &fd, &err),
	    CD_AGAIN);
	assert_true(clock_mono_ms() - begin < 2500);
	assert_int_equal(fd, -7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_deadline),
		cmocka_unit_test(test_write_deadline),
		cmocka_unit_test(test_end_and_sigpipe),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_connect),
	};

	signal(SIGPIPE, SIG_DFL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

package syncdata;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy in front of a server, on loopback, that breaks its connections in the way that a test asks for. */
final class FaultProxy implements AutoCloseable {
    enum Fault {
        /** Every connection is closed in order, new ones at once. */
        CUT,
        /** The same with a reset. */
        RESET,
        /** Connections stay open, and nothing passes any more. */
        BLACK_HOLE
    }

    private final String host;
    private final int port;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private Duration delay = Duration.ZERO;
    private Runnable request = () -> { };
    private Fault fault;
    private Fault next;
    private Duration length;
    private long bytesLeft;
    private int refusals;
    private String refusal;

    FaultProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        background("fault-proxy", this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Every piece of data waits so long, in both directions. */
    synchronized void delay(Duration each) {
        delay = each;
    }

    /** Runs before each piece of data that a client sends goes on to the server, on the connection's own thread. */
    synchronized void beforeEachRequest(Runnable action) {
        request = action;
    }

    /**
     * Answers the next transactions that a client of Neo4j begins, as a server does that cannot have them; the server hears nothing of them.
     *
     * @param code of the error, in Neo4j's words
     */
    synchronized void refuseTransactions(int times, String code) {
        refusals = times;
        refusal = code;
    }

    /** How many of these are still to come. */
    synchronized int refusals() {
        return refusals;
    }

    /** Whether nothing passes now. */
    synchronized boolean isBroken() {
        return fault != null;
    }

    /**
     * Breaks every connection once the server has sent so many more bytes: in the midst of an answer.
     *
     * @param length how long until all passes again; null for never
     */
    synchronized void breakAfter(long bytes, Fault fault, Duration length) {
        this.next = fault;
        this.bytesLeft = bytes;
        this.length = length;
        if (bytes == 0) {
            begin();
        }
    }

    /** New connections pass again. Those that were in a black hole are reset: a server that comes back knows nothing of them. */
    synchronized void heal() {
        if (fault == Fault.BLACK_HOLE) {
            closeAll(true);
        }
        fault = null;
        next = null;
        notifyAll();
    }

    @Override
    public synchronized void close() throws IOException {
        door.close();
        closeAll(true);
        fault = Fault.CUT;
        notifyAll();
    }

    private void begin() {
        fault = next;
        next = null;
        if (fault != Fault.BLACK_HOLE) {
            closeAll(fault == Fault.RESET);
        }
        if (length != null) {
            background("fault-proxy-heal", () -> {
                pause(length);
                heal();
            });
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket client = door.accept();
                background("fault-proxy-connection", () -> connect(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        try {
            sockets.add(client);
            if (!await()) {
                close(client, true);
                return;
            }
            Socket server = new Socket(host, port);
            sockets.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            background("fault-proxy-answers", () -> pump(server, client, true));
            pump(client, server, false);
        } catch (IOException e) {
            close(client, true);
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[1 << 16];
            for (int size = in.read(piece); size >= 0; size = in.read(piece)) {
                if (!answers) {
                    request().run();
                }
                byte[] refusal = answers ? null : refusal(piece, size);
                if (refusal != null) {
                    from.getOutputStream().write(refusal);
                    continue;
                }
                pause(delay());
                int passing = await() ? answers ? count(size) : size : 0;
                out.write(piece, 0, passing);
                out.flush();
                if (passing < size) {
                    breakNow();
                    if (!await()) {
                        break;
                    }
                    out.write(Arrays.copyOfRange(piece, passing, size));
                }
            }
            close(to, false);
        } catch (IOException e) {
            close(to, true);
        } finally {
            close(from, false);
        }
    }

    /** The answer to a piece of data that begins a transaction, if that is to be refused: a failure, and that what came with it is ignored. */
    private synchronized byte[] refusal(byte[] piece, int size) {
        if (refusals == 0 || size < 4 || piece[3] != Bolt.BEGIN) {
            return null;
        }
        refusals--;
        return Bolt.failure(refusal, Bolt.messages(piece, size) - 1);
    }

    /** Waits while there is a black hole, and says whether data may pass then. */
    private synchronized boolean await() {
        try {
            while (fault == Fault.BLACK_HOLE) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return fault == null;
    }

    /** How many of these bytes may still pass. */
    private synchronized int count(int size) {
        int passing = next == null ? size : (int) Math.min(size, bytesLeft);
        bytesLeft -= passing;
        return passing;
    }

    private synchronized void breakNow() {
        if (next != null) {
            begin();
        }
    }

    private synchronized Duration delay() {
        return delay;
    }

    private synchronized Runnable request() {
        return request;
    }

    private void closeAll(boolean reset) {
        Set.copyOf(sockets).forEach(socket -> close(socket, reset));
    }

    private void close(Socket socket, boolean reset) {
        sockets.remove(socket);
        try {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException alreadyClosed) {
            return;
        }
    }

    private static void pause(Duration length) {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void background(String name, Runnable task) {
        Background.threads(name).newThread(task).start();
    }

    /** As much of Neo4j's protocol as a refusal takes: https://neo4j.com/docs/bolt/current/bolt/message/ */
    private static final class Bolt {
        static final int BEGIN = 0x11;

        /** How many messages these are, each in chunks after their lengths, the last of which is 0. */
        static int messages(byte[] piece, int size) {
            int messages = 0;
            for (int at = 0; at + 1 < size; ) {
                int length = (piece[at] & 0xff) << 8 | piece[at + 1] & 0xff;
                messages += length == 0 ? 1 : 0;
                at += 2 + length;
            }
            return messages;
        }

        static byte[] failure(String code, int ignored) {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.writeBytes(new byte[] {(byte) 0xb1, 0x7f, (byte) 0xa5}); // FAILURE, with a map of five
            Map.of("code", code, "neo4j_code", code, "message", "refused by a proxy", "gql_status", "50N42", "description", "refused by a proxy").forEach((name, value) -> {
                text(message, name);
                text(message, value);
            });
            ByteArrayOutputStream chunks = new ByteArrayOutputStream();
            chunk(chunks, message.toByteArray());
            for (int i = 0; i < ignored; i++) {
                chunk(chunks, new byte[] {(byte) 0xb0, 0x7e}); // IGNORED
            }
            return chunks.toByteArray();
        }

        private static void text(ByteArrayOutputStream out, String text) {
            out.write(0xd0);
            out.write(text.length());
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }

        private static void chunk(ByteArrayOutputStream out, byte[] message) {
            out.write(message.length >> 8);
            out.write(message.length);
            out.writeBytes(message);
            out.writeBytes(new byte[2]);
        }
    }
}

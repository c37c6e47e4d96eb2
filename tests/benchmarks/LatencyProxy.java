import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import syncdata.run.Background;

/**
 * A server far away: stands before one on loopback, and whatever passes arrives later, the answers too. What follows
 * sets out meanwhile, as on a network, up to a bound.
 */
final class LatencyProxy implements AutoCloseable {
    private static final int LARGEST_PIECE = 1 << 14;
    /** So many pieces are on their way in one direction of a connection, a megabyte. */
    private static final int MOST_ON_THE_WAY = 64;

    private record Piece(byte[] bytes, long due) {
        static final Piece LAST = new Piece(new byte[0], 0);
    }

    private final String host;
    private final int port;
    private final Duration latency;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** @param latency of each direction */
    LatencyProxy(String host, int port, Duration latency) throws IOException {
        this.host = host;
        this.port = port;
        this.latency = latency;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        background(this::accept);
    }

    /** Where it stands. */
    String address() {
        return door.getInetAddress().getHostAddress() + ":" + door.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() throws IOException, InterruptedException {
        while (!door.isClosed()) {
            Socket client = open(door.accept());
            Socket server = open(new Socket(host, port));
            carry(client, server);
            carry(server, client);
        }
    }

    private Socket open(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Piece> onTheWay = new ArrayBlockingQueue<>(MOST_ON_THE_WAY);
        background(() -> {
            try (from) {
                byte[] piece = new byte[LARGEST_PIECE];
                for (int size = from.getInputStream().read(piece); size >= 0;
                        size = from.getInputStream().read(piece)) {
                    onTheWay.put(new Piece(Arrays.copyOf(piece, size), System.nanoTime() + latency.toNanos()));
                }
            } finally {
                onTheWay.put(Piece.LAST);
            }
        });
        background(() -> {
            try (to) {
                OutputStream out = to.getOutputStream();
                for (Piece piece = onTheWay.take(); piece != Piece.LAST; piece = onTheWay.take()) {
                    TimeUnit.NANOSECONDS.sleep(piece.due() - System.nanoTime());
                    out.write(piece.bytes());
                }
            }
        });
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void background(Work work) {
        Background.threads("latency-proxy").newThread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }).start();
    }
}

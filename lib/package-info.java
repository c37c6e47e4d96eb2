//JAVA 17+
//COMPILE_OPTIONS -encoding UTF-8 -proc:none -XDignore.symbol.file -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
// Most runs are short: a compiler that is quick serves them better than a good one, and what Java and Netty record and
// check of themselves stays off.
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -Xshare:auto -Djfr.unsupported.vm=true -Dio.netty.leakDetection.level=disabled -Dio.netty.buffer.checkAccessible=false -Dio.netty.allocator.type=unpooled -Dio.netty.noPreferDirect=true
//DEPS info.picocli:picocli:4.7.7
//DEPS com.fasterxml.jackson:jackson-bom:2.22.4@pom
//DEPS com.fasterxml.jackson.core:jackson-databind
//DEPS com.samskivert:jmustache:1.16
//DEPS io.prometheus:prometheus-metrics-exposition-textformats:1.10.0
//DEPS org.apache.commons:commons-text:1.14.0
//DEPS org.jdbi:jdbi3-core:3.55.0
//DEPS org.neo4j.driver:neo4j-java-driver:6.2.1
//DEPS org.postgresql:postgresql:42.7.14
//DEPS org.slf4j:slf4j-jdk14:2.0.20
//SOURCES **/*.java
//FILES page/=page/page.*
//FILES queries/=queries/*

/** Compares the entities of a PostgreSQL database with their copies in Neo4j, reports what differs, and repairs it. */
package syncdata;

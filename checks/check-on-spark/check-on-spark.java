///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../../lib/package-info.java
//SOURCES *.java
// One version of all parts of Netty, for Spark and for Neo4j's driver.
//DEPS io.netty:netty-bom:4.2.16.Final@pom
//DEPS org.apache.spark:spark-core_2.13:4.2.0
// What Spark asks of Java 17, and one log of the two that stand on the class path.
//RUNTIME_OPTIONS --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-opens=java.base/java.lang.invoke=ALL-UNNAMED -Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider
// The command is public, as spark-submit asks, so that its file has another name than this.
//MAIN CheckOnSpark

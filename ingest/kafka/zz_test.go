package kafka
import ("testing";"os";"errors";"strconv";"github.com/segmentio/kafka-go";"github.com/twmb/franz-go/pkg/kgo";"jouleline/ingest")
func TestZZReal(t *testing.T){
 addr:=os.Getenv("REAL"); if addr=="" {t.Skip()}
 c:=mustClient(t,Config{Brokers:[]string{addr},Partitions:3})
 c.library().DeleteTopics(testContext(t), &kafka.DeleteTopicsRequest{Topics: []string{ingest.TopicReadings,ingest.TopicRejected}})
 wayThrough(t,c,3)
 id,topic,n,err:=c.Identity(testContext(t)); t.Log(id,topic,n,err)
 d,err:=c.Retention(testContext(t)); t.Log(d,err)
 r:=mustOpen(t,c,0,999)
 _,_,err=r.Fetch(testContext(t)); t.Log(err)
 var g *OffsetOutOfRange; if !errors.As(err,&g){t.Fatal(err)}
 // transactions
 k,err:=kgo.NewClient(kgo.SeedBrokers(addr),kgo.TransactionalID("t"),kgo.DefaultProduceTopic(ingest.TopicReadings),kgo.RecordPartitioner(kgo.ManualPartitioner())); if err!=nil{t.Fatal(err)}
 defer k.Close()
 ctx:=testContext(t)
 for i,end:=range []kgo.TransactionEndTry{kgo.TryAbort,kgo.TryCommit,kgo.TryAbort,kgo.TryCommit}{
  if err:=k.BeginTransaction();err!=nil{t.Fatal(err)}
  for j:=0;j<3;j++{ if err:=k.ProduceSync(ctx,&kgo.Record{Value:[]byte(strconv.Itoa(10*i+j))}).FirstErr();err!=nil{t.Fatal(err)}}
  if err:=k.EndTransaction(ctx,end);err!=nil{t.Fatal(err)}
 }
 p:=mustProducer(t,c); mustProduce(t,p,ingest.Record{Value:[]byte("end")})
 last,_:=c.Latest(ctx,0)
 r=mustOpen(t,c,0,10); var vs []string
 for _,x:=range readUntil(t,r,last){ vs=append(vs,string(x.Value)) }
 t.Log(vs,last)
 err=p.Produce(ctx,[]ingest.Record{{Value:noiseOf(2<<20)},{Value:[]byte("small")}}); t.Log(err)
 // anew
 r=mustOpen(t,c,0,last); readUntil(t,r,last+1)
 c.library().DeleteTopics(ctx, &kafka.DeleteTopicsRequest{Topics: []string{ingest.TopicReadings}})
 c2:=mustClient(t,Config{Brokers:[]string{addr},Partitions:3})
 for { if err:=c2.EnsureTopics(ctx); err==nil {break} else {t.Log(err)} }
 _,_,err=r.Fetch(ctx); t.Log(err)
}
func noiseOf(n int) []byte { b:=make([]byte,n); for i,x:=0,uint32(1);i<n;i++{ x^=x<<13;x^=x>>17;x^=x<<5;b[i]=byte(x)}; return b}

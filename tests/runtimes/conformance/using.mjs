// In a file of its own: hosts without the syntax cannot even parse it.
export async function using(client, work) {
  {
    using _claiv = client;
    await work();
  }
  {
    await using _again = client;
  }
}

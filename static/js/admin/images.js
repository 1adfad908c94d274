// Says before anything is sent that the chosen files are too many or too large: a long upload that ends in a refusal is
// time lost.

const MB = 1024 * 1024;

export function tooMuch(files, { mostFiles, mostBytes, eachBytes }) {
  const large = files.find((file) => file.size > eachBytes);
  const together = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length > mostFiles) return `These are ${files.length} files: send at most ${mostFiles} at a time.`;
  if (large) return `${large.name} is over ${eachBytes / MB} MB: choose a smaller image.`;
  if (together <= mostBytes) return "";
  return `Together these are ${Math.ceil(together / MB)} MB: send at most ${mostBytes / MB} MB at a time.`;
}

for (const input of document.querySelectorAll("input[type=file][data-most-files]")) {
  const { mostFiles, mostBytes, eachBytes } = input.dataset;
  const told = document.createElement("p");
  told.className = "mt-2 text-red-600 text-xs dark:text-red-500";
  told.setAttribute("role", "alert");
  input.after(told);
  const look = () => {
    told.textContent = tooMuch([...input.files], {
      mostFiles: Number(mostFiles),
      mostBytes: Number(mostBytes),
      eachBytes: Number(eachBytes),
    });
    return told.textContent === "";
  };
  input.addEventListener("change", look);
  input.form.addEventListener("submit", (event) => {
    if (!look()) event.preventDefault();
  });
}
